package client

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestGroupThatGoesIsNotFound: a cluster that is deleted between two questions about it is not there, in the same
// words as one that never was.
func TestGroupThatGoesIsNotFound(t *testing.T) {
	t.Parallel()
	refuse := func(w http.ResponseWriter, code string) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte("<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>gone</Message></Error></ErrorResponse>"))
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.PostFormValue("Action") {
		case "DescribeCacheClusters":
			_, _ = w.Write([]byte("<DescribeCacheClustersResponse><DescribeCacheClustersResult><CacheClusters><CacheCluster><CacheClusterId>alone</CacheClusterId>" +
				"<ARN>arn:aws:elasticache:us-east-1:000000000000:cluster:alone</ARN></CacheCluster></CacheClusters></DescribeCacheClustersResult></DescribeCacheClustersResponse>"))
		case "ListTagsForResource":
			refuse(w, "CacheClusterNotFound")
		default:
			refuse(w, groupNotFound)
		}
	}))
	t.Cleanup(server.Close)
	c, err := New(server.URL, dataDir(t))
	if err != nil {
		t.Fatal(err)
	}
	if g, err := c.Group(t.Context(), "alone"); !IsCode(err, groupNotFound) {
		t.Errorf("%+v, %v", g, err)
	}
}
